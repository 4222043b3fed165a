"""What the detector is compared with: simple rules, outlier detectors, and oracles that know the world."""
