module realraces

go 1.18
