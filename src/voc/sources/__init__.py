"""One outside format a file: presets that map an export onto our contract."""
