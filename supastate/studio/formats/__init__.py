"""How Studio writes times: as ISO 8601, in UTC."""
