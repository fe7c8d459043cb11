package main

import (
	"fmt"
	"strings"
)

const introduction = `# Third-party software

Made by ` + "`make licenses`" + `; do not edit. Sundial itself is under the MIT licence (LICENSE).
The licence texts of what ships lie in ` + "`/usr/share/doc/sundial/licenses`" + ` of the container image.
`

// markdown renders the list, one table for each way a component is used.
func (inv inventory) markdown() string {
	var page strings.Builder
	page.WriteString(introduction)
	table(&page, "In the server", inv.server)
	table(&page, "In the browser", inv.browser)
	table(&page, "As data in the server", inv.data)
	table(&page, "In tests only", inv.tests)
	table(&page, "To build and check the front end", inv.build)
	page.WriteString("\nThe linter and the program that makes this list are modules of `tools/go.mod`; they do not ship.\n")
	return page.String()
}

func table(page *strings.Builder, title string, components []component) {
	if len(components) == 0 {
		return
	}
	fmt.Fprintf(page, "\n## %s\n\n| name | version | licence |\n| --- | --- | --- |\n", title)
	for _, c := range components {
		fmt.Fprintf(page, "| %s | %s | %s |\n", c.name, c.version, c.licence)
	}
}
