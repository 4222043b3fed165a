"""Published nights: written once, checked against their manifest, read as an analyst would."""
