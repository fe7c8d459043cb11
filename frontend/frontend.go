// Package frontend holds what the browser sees and what people read: the page
// templates, the built scripts and styles, and the messages in each language.
// It imports nothing of the module; package web fills the templates.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist templates locales assets/css
var files embed.FS

// Templates returns the page templates by file name, such as board.html.
func Templates() fs.FS {
	sub, err := fs.Sub(files, "templates")
	if err != nil {
		panic(err) // The folder is embedded above; only a typing mistake gets here.
	}
	return sub
}
