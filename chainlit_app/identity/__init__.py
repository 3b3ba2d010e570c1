"""Who asks: proved once for each request and each event of a socket, before anything is answered."""
