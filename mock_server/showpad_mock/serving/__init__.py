"""The server as a process: Uvicorn as we run it, connections, the terminal, files, and the client verbs."""
