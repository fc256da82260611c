"""The conventions, one file each."""
