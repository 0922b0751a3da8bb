"""The forecast of a study: draws of what it is not sure of, each solved over its years."""
