package supervision

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// Draw returns the n codes of the population that the seed draws, the first drawn first.
//
// The rule is meant to be checked by anybody, at any time, with any tool: every code gets
// the SHA-256 of the seed, a vertical bar and the code, all in UTF-8, written in lower-case
// hexadecimal digits (printf '%s|%s' SEED CODE | sha256sum); the n codes whose digits stand
// lowest are drawn. So neither the order of the population nor a code that stands in it
// twice matters, every code is as likely as any other one, and one more code in the
// population changes one of the drawn codes at most. A population of n codes or fewer is
// drawn whole. The rule never changes: samples are drawn again by it years later.
func Draw(seed string, population []string, n int) []string {
	ranked := rank(seed, population)
	drawn := make([]string, max(0, min(n, len(ranked))))
	for i := range drawn {
		drawn[i] = ranked[i].code
	}
	return drawn
}

// lot is a code with the hash by which it is drawn.
type lot struct{ code, hash string }

func rank(seed string, population []string) []lot {
	lots := make([]lot, 0, len(population))
	for _, code := range slices.Compact(slices.Sorted(slices.Values(population))) {
		sum := sha256.Sum256([]byte(seed + "|" + code))
		lots = append(lots, lot{code, hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(lots, func(a, b lot) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.code, b.code)) })
	return lots
}

// Allot shares n places out over classes of the sizes given: one for each class, and the
// others in proportion to the units that are left, by largest remainder; of equal
// remainders the class whose name comes first has its turn first. No class gets more
// places than it has units. It fails when there are fewer places than classes.
func Allot(sizes map[string]int, n int) (map[string]int, error) {
	places, left := map[string]int{}, 0
	for class, size := range sizes {
		if size > 0 {
			places[class] = 1
			left += size - 1
		}
	}
	rest := min(n-len(places), left)
	if rest < 0 {
		return nil, fmt.Errorf("%d places for %d classes", n, len(places))
	}
	if rest == 0 {
		return places, nil
	}
	classes := slices.Sorted(maps.Keys(places))
	given := 0
	for _, class := range classes {
		places[class] += rest * (sizes[class] - 1) / left
		given += rest * (sizes[class] - 1) / left
	}
	slices.SortStableFunc(classes, func(a, b string) int {
		return cmp.Compare(rest*(sizes[b]-1)%left, rest*(sizes[a]-1)%left)
	})
	for _, class := range classes[:rest-given] {
		places[class]++
	}
	return places, nil
}

// DrawByClass draws n codes so that every class of the population, which has the class
// of each code, is there: Allot says how many of each, and inside a class Draw with the
// same seed says which. The drawn ones come by class.
func DrawByClass(seed string, population map[string]string, n int) ([]string, error) {
	members := map[string][]string{}
	sizes := map[string]int{}
	for code, class := range population {
		members[class] = append(members[class], code)
		sizes[class]++
	}
	places, err := Allot(sizes, n)
	if err != nil {
		return nil, err
	}
	var drawn []string
	for _, class := range slices.Sorted(maps.Keys(places)) {
		drawn = append(drawn, Draw(seed, members[class], places[class])...)
	}
	return drawn, nil
}
