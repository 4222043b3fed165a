"""scikit-learn estimators on a frozen `Panel` of numpy arrays; no files, no SQL."""
