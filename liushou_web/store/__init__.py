"""The only layer with queries; one write is one function is one transaction."""
