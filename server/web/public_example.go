package web

import (
	_ "embed" // the example
	"encoding/json"
	"fmt"
)

// exampleSource is data.json of a bulletin that is made up: the page that describes the
// data shows it, and rows of the tables that are made of it.
//
//go:embed public_example.json
var exampleSource []byte

// publicExample is exampleSource; a mistake in it is one of the program.
var publicExample = func() EditionFile {
	var file EditionFile
	if err := json.Unmarshal(exampleSource, &file); err != nil {
		panic(fmt.Errorf("example of public data: %w", err))
	}
	return file
}()
