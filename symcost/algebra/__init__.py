"""Numbers of the domain: sums of products of sizes, with floors, exact throughout."""
