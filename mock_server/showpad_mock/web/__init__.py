"""Reading requests and rendering answers over HTTP, shared by the vendors."""
