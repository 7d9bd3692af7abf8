"""The lessons in a browser's own Python: JupyterLite, served from a folder, with all that it needs in it."""
