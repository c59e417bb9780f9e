"""Files on their way in: taken, unpacked, recognised, checked and mended before anything is kept."""
