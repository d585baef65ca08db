"""The server engine: one PostgreSQL schema for the installation, one for each company."""
