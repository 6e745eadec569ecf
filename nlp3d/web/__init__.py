"""The coder's page: a local web page and JSON API over the same answers, served to this computer only."""
