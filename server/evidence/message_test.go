package evidence

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// What this package says stands in both languages with the arguments that it
// gives, and neither file has a message that nobody uses.
func TestMessages(t *testing.T) {
	used := usedMessages(t)
	argument := regexp.MustCompile(`{{\.(\w+)}}`)
	for _, locale := range []string{"zh-CN", "en"} {
		text, err := os.ReadFile("../../frontend/locales/evidence." + locale + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var messages map[string]string
		if err := yaml.Unmarshal(text, &messages); err != nil {
			t.Fatal(err)
		}
		found := map[string][]string{}
		for key, message := range messages {
			found[key] = []string{}
			for _, match := range argument.FindAllStringSubmatch(message, -1) {
				found[key] = append(found[key], match[1])
			}
			slices.Sort(found[key])
			found[key] = slices.Compact(found[key])
		}
		if diff := cmp.Diff(used, found); diff != "" {
			t.Errorf("%s: used (-) and there (+):\n%s", locale, diff)
		}
	}
}

// usedMessages returns the names of the arguments by key, as the code has them.
func usedMessages(t *testing.T) map[string][]string {
	t.Helper()
	call := regexp.MustCompile(`"((?:evidence|link)\.\w+)"([^\n]*)`)
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
			for _, argument := range name.FindAllStringSubmatch(match[2], -1) {
				names = append(names, argument[1])
			}
			slices.Sort(names)
			used[match[1]] = names
		}
	}
	return used
}
