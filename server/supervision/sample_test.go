package supervision_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/supervision"
)

// cities are codes like those of cities.
func cities(n int) []string {
	codes := make([]string, n)
	for i := range codes {
		codes[i] = fmt.Sprint(370000 + 100*(i+1))
	}
	return codes
}

// TestTheDrawIsFixedForever has draws that were worked out with sha256sum: the rule may
// never change, or no old sample could be drawn again.
func TestTheDrawIsFixedForever(t *testing.T) {
	for _, c := range []struct {
		seed string
		n    int
		want []string
	}{
		{"2017068", 3, []string{"370400", "371300", "370100"}},
		{"福彩双色球2017068", 3, []string{"371000", "370900", "370800"}},
		{"2017068", 0, []string{}},
		{"2017068", -1, []string{}},
	} {
		if diff := cmp.Diff(c.want, supervision.Draw(c.seed, cities(17), c.n)); diff != "" {
			t.Errorf("%d by %s (-want +got):\n%s", c.n, c.seed, diff)
		}
	}
	if drawn := supervision.Draw("x", cities(3), 5); len(drawn) != 3 {
		t.Errorf("of three, five are drawn: %v", drawn)
	}
}

func TestTheOrderOfThePopulationDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 50 {
		seed, codes := fmt.Sprint("seed ", i), cities(40)
		want := supervision.Draw(seed, codes, 7)
		random.Shuffle(len(codes), func(a, b int) { codes[a], codes[b] = codes[b], codes[a] })
		if diff := cmp.Diff(want, supervision.Draw(seed, append(codes, codes[0]), 7)); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", seed, diff)
		}
	}
}

// TestOneMoreUnitChangesOneAtMost also tells that units never swap places with each other.
func TestOneMoreUnitChangesOneAtMost(t *testing.T) {
	for i := range 200 {
		seed := fmt.Sprint("seed ", i)
		before, after := supervision.Draw(seed, cities(40), 7), supervision.Draw(seed, cities(41), 7)
		var gone []string
		for _, code := range before {
			if !slices.Contains(after, code) {
				gone = append(gone, code)
			}
		}
		if len(gone) > 1 || len(gone) == 1 && !slices.Contains(after, cities(41)[40]) {
			t.Errorf("%s: %v are out, drawn are %v", seed, gone, after)
		}
	}
}

// TestEveryUnitIsAsLikely adds up how often each of 20 units is among 5 drawn by 4000
// seeds: 1000 times on average. The seeds are fixed, so that the sum is; 43.8 is what
// chance exceeds once in a thousand (chi-square, 19 degrees of freedom).
func TestEveryUnitIsAsLikely(t *testing.T) {
	const seeds, drawn, of = 4000, 5, 20
	counts := map[string]int{}
	pairs := map[string]int{}
	for i := range seeds {
		sample := supervision.Draw(fmt.Sprint("seed ", i), cities(of), drawn)
		for _, code := range sample {
			counts[code]++
		}
		slices.Sort(sample)
		pairs[sample[0]+sample[1]]++
	}
	const mean = float64(seeds * drawn / of)
	sum := 0.0
	for _, code := range cities(of) {
		sum += (float64(counts[code]) - mean) * (float64(counts[code]) - mean) / mean
	}
	if sum > 43.8 {
		t.Errorf("chi-square is %.1f: %v", sum, counts)
	}
	if len(pairs) < 100 {
		t.Errorf("units come in %d pairs only", len(pairs))
	}
}

func TestAllot(t *testing.T) {
	for _, c := range []struct {
		sizes map[string]int
		n     int
		want  map[string]int
	}{
		{map[string]int{"A": 10, "B": 10}, 4, map[string]int{"A": 2, "B": 2}},
		{map[string]int{"A": 17, "B": 40, "C": 1}, 3, map[string]int{"A": 1, "B": 1, "C": 1}},
		{map[string]int{"A": 17, "B": 40, "C": 1}, 10, map[string]int{"A": 3, "B": 6, "C": 1}},
		{map[string]int{"A": 3, "B": 3, "C": 3}, 4, map[string]int{"A": 2, "B": 1, "C": 1}},
		{map[string]int{"A": 2, "B": 1}, 9, map[string]int{"A": 2, "B": 1}},
	} {
		got, err := supervision.Allot(c.sizes, c.n)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%d over %v (-want +got):\n%s", c.n, c.sizes, diff)
		}
	}
	if got, err := supervision.Allot(map[string]int{"A": 2, "B": 1}, 1); err == nil {
		t.Errorf("one place for two classes is shared out as %v", got)
	}
}

func TestDrawByClass(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 100 {
		population, sizes := map[string]string{}, map[string]int{}
		for _, code := range cities(5 + random.IntN(50)) {
			class := string(rune('A' + random.IntN(4)))
			population[code] = class
			sizes[class]++
		}
		n := len(sizes) + random.IntN(len(population))
		seed := fmt.Sprint("seed ", i)
		drawn, err := supervision.DrawByClass(seed, population, n)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, code := range drawn {
			got[population[code]]++
		}
		if len(drawn) != min(n, len(population)) || len(got) != len(sizes) {
			t.Fatalf("%s: %d drawn of %d: by class %v of %v", seed, len(drawn), n, got, sizes)
		}
		again, err := supervision.DrawByClass(seed, population, n)
		if diff := cmp.Diff(drawn, again); diff != "" || err != nil {
			t.Fatalf("%s again (-first +again): %v\n%s", seed, err, diff)
		}
	}
}
