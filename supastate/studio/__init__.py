"""Studio: the admin site for people; it shows and acts through the other rooms' services."""
