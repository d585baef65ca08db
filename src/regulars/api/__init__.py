"""The HTTP API, one file a resource. Compatible with Custobar's customer API.

Owns requests and replies. Must not know SQL, nor what a record means.
"""
