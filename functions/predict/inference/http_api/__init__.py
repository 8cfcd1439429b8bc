"""An event becomes a request, an answer becomes a response: media types, CSV, JSON, options."""
