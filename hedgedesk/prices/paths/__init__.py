"""The core that walks paths: normals, exact steps, baskets of maturities; whole blocks in place, no models' names."""
