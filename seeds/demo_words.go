package seeds

import (
	"fmt"
	"hash/fnv"
	"strings"

	"sundial/models"
	"sundial/server/rules"
)

// words are the texts of the demo, as in demo/words.yaml.
type words struct {
	Surnames       []string                   `yaml:"surnames"`
	Posts          map[string][]string        `yaml:"posts"`
	PersonInCharge string                     `yaml:"person_in_charge"`
	Titles         map[string][]string        `yaml:"titles"`
	Matters        []string                   `yaml:"matters"`
	Starts         map[rules.Trigger][]string `yaml:"starts"`
	Returns        []returnWords              `yaml:"returns"`
	Exemptions     []string                   `yaml:"exemptions"`
	Late           []string                   `yaml:"late"`
	Series         map[string]string          `yaml:"series"`
	Items          struct {
		Core    []markedItem `yaml:"core"`
		Related []markedItem `yaml:"related"`
		Others  []string     `yaml:"others"`
	} `yaml:"items"`
}

// markedItem is an item of a performance scheme that counts, and why.
type markedItem struct {
	Name   string `yaml:"name"`
	Reason string `yaml:"reason"`
}

// returnWords are why a report is sent back and what the next one says; without
// forms they suit every form.
type returnWords struct {
	Forms  []rules.Form `yaml:"forms"`
	Reason string       `yaml:"reason"`
	Remedy string       `yaml:"remedy"`
}

func readWords() (*words, error) {
	w := &words{}
	err := readDemo("demo/words.yaml", w)
	return w, err
}

// dice gives the same numbers for the same words on every machine: what the
// demo makes up follows from them alone.
type dice struct{ state uint64 }

// throw returns the dice of the words.
func throw(words ...string) *dice {
	hash := fnv.New64a()
	hash.Write([]byte(strings.Join(words, "\x00")))
	return &dice{hash.Sum64()}
}

// next is a step of SplitMix64.
func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// between returns a number from low to high, both included.
func (d *dice) between(low, high int) int { return low + d.below(high-low+1) }

// chance is true in so many cases of a hundred.
func (d *dice) chance(percent int) bool { return d.below(100) < percent }

func pick[T any](d *dice, list []T) T { return list[d.below(len(list))] }

// region returns the path of the root above a path.
func region(path string) string {
	return path[:strings.IndexByte(path[1:], '/')+2]
}

// host returns the unit's site under the domain reserved for examples.
func (d *demo) host(unit models.Unit) string {
	if _, short, ok := strings.Cut(unit.Code, "-"); ok && unit.Kind == models.Department {
		return short + "." + slug(d.roots[region(unit.Path)]) + ".example"
	}
	return "www." + slug(unit) + ".example"
}

// slug is the first word of the unit's English name.
func slug(unit models.Unit) string {
	word, _, _ := strings.Cut(unit.NameEN, " ")
	return strings.ToLower(strings.ReplaceAll(word, "'", ""))
}

// page returns the address of a page of the unit.
func (d *demo) page(by *dice, unit models.Unit, year int) string {
	return fmt.Sprintf("https://%s/zwgk/%d/%06x.html", d.host(unit), year, by.below(1<<24))
}
