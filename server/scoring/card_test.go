package scoring_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/scoring"
)

func TestACardHasWhatIsForItsClass(t *testing.T) {
	scheme := mustParse(t, whole)
	card := mustCard(t, scheme, "B")
	var got []string
	for n, node := range card.Nodes {
		got = append(got, fmt.Sprintf("%d %s %s above %d leaf %d", node.Depth, node.ID, node.Points, node.Parent, node.Leaf))
		if node.Leaf >= 0 && (card.Leaves[node.Leaf].Node != n || card.Leaves[node.Leaf].ID != node.ID) {
			t.Errorf("%s: its leaf is %+v", node.ID, card.Leaves[node.Leaf])
		}
	}
	want := []string{
		"0 openness 50 above -1 leaf -1", "1 plan 10 above 0 leaf 0", "1 catalogue 10 above 0 leaf 1",
		"1 websites 30 above 0 leaf -1", "2 columns 20 above 3 leaf 2", "2 updates 10 above 3 leaf 3",
		"0 duties 20 above -1 leaf 4", "0 assessment 15 above -1 leaf -1",
		"1 daily 15 above 7 leaf -1", "2 checks 10 above 8 leaf 5", "2 filings 5 above 8 leaf 6", "1 party 15 above 7 leaf 7",
		"0 accidents 5 above -1 leaf 8", "0 reprimand 0 above -1 leaf 9", "0 lateness 0 above -1 leaf 10",
		"0 praise 3 above -1 leaf 11", "0 fraud 0 above -1 leaf 12",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for id, weight := range map[string]string{"plan": "1", "checks": "0.4", "filings": "0.4", "party": "0.6"} {
		leaf, found := card.Leaf(id)
		if !found || card.Leaves[leaf].Weight.String() != weight {
			t.Errorf("%s: leaf %d, weight %s, want %s", id, leaf, card.Leaves[leaf].Weight, weight)
		}
	}
	if _, found := card.Leaf("example"); found {
		t.Error("class B has an indicator of class A")
	}
	if _, found := scheme.Card("C"); found {
		t.Error("a class that the scheme does not have has a card")
	}
}

// A whole province is scored again and again, so that the score itself must cost
// nothing but its arithmetic.
func TestAScoreAllocatesNothing(t *testing.T) {
	card := mustCard(t, mustParse(t, whole), "A")
	marks := make([]scoring.Mark, len(card.Leaves))
	for n, leaf := range card.Leaves {
		marks[n] = scoring.Mark{Given: leaf.Method != scoring.MethodVeto, Points: leaf.Points / 2}
	}
	if allocations := testing.AllocsPerRun(100, func() { card.Score(marks) }); allocations > 0 {
		t.Errorf("%v allocations", allocations)
	}
}
