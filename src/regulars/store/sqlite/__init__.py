"""The embedded engine: one SQLite file for the installation, one for each company."""
