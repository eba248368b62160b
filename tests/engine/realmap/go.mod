module realmap

go 1.18
