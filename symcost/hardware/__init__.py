"""Hardware: how long work and traffic take on a device, what that draws and costs, and how well a device is used."""
