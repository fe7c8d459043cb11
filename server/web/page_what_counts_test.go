package web

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/frontend"
	"sundial/seeds"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What counts towards every obligation of the packs, as people read it. With
// -update the file is written anew, to be read before it is kept.
func TestWhatCountsTowardsEveryObligation(t *testing.T) {
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	sources, err := seeds.PolicySources()
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, source := range sources {
		policy, err := seeds.Policy(source.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, counts := range allCounts(policy) {
			fmt.Fprintf(&got, "%s %s %s\n", counts.ID, counts.Clause, counts.Kind)
			for _, lang := range []string{"zh-CN", "en"} {
				locale := catalog.Locale(lang)
				w := words{locale}
				lines := []string{locale.In(counts.Title), locale.In(counts.Counts), w.reason(counts.Demand), w.reason(counts.Due), w.reason(counts.Day),
					w.evidence(counts.Evidence), w.who(counts.Who)}
				for i, line := range lines {
					if line == "" && i != 5 || strings.Contains(line, "<no value>") || strings.Contains(line, string(counts.Kind)+".") {
						t.Errorf("%s in %s: line %d is %q", counts.ID, lang, i+1, line)
					}
				}
				fmt.Fprintf(&got, "  %s\n", strings.Join(lines, " | "))
			}
		}
	}
	file := filepath.Join("testdata", "what_counts.golden")
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Error(diff)
	}
}
