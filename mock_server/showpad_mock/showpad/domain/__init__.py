"""The rules and records of Showpad's sharing side. Knows neither HTTP nor Pydantic."""
