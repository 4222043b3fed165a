"""Files of the inbox: found, kept as they came, read as text in any format, and cast to typed rows."""
