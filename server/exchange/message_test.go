package exchange

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What this package says stands in both languages with the arguments that it
// gives, and neither file has a message that nobody uses.
func TestMessages(t *testing.T) {
	used := usedMessages(t)
	argument := regexp.MustCompile(`{{\.(\w+)}}`)
	for _, lang := range []string{"zh-CN", "en"} {
		found := map[string][]string{}
		for key, message := range readMessages(t, lang) {
			names := []string{}
			for _, match := range argument.FindAllStringSubmatch(message, -1) {
				names = append(names, match[1])
			}
			slices.Sort(names)
			found[key] = slices.Compact(names)
		}
		if diff := cmp.Diff(used, found); diff != "" {
			t.Errorf("%s: used (-) and there (+):\n%s", lang, diff)
		}
	}
}

// usedMessages returns the names of the arguments by key, as the code has them.
// What is wrong with a cell also has its column's heading.
func usedMessages(t *testing.T) map[string][]string {
	t.Helper()
	call := regexp.MustCompile(`(\w+)\([^"\n]*"(exchange\.\w+)"([^\n]*)|"(exchange\.\w+)"`)
	name := regexp.MustCompile(`"([A-Z]\w*)"`)
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string][]string{}
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range call.FindAllStringSubmatch(string(text), -1) {
			names := []string{}
			for _, argument := range name.FindAllStringSubmatch(match[3], -1) {
				names = append(names, argument[1])
			}
			if match[1] == "wrong" || match[1] == "Fault" {
				names = append(names, "Column")
			}
			slices.Sort(names)
			used[match[2]+match[4]] = names
		}
	}
	// Its arguments stand in a line of their own.
	used["exchange.heading_unknown"] = []string{"Column"}
	return used
}
