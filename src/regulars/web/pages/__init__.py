"""The pages, a file each: handlers, and the values that their templates show."""
