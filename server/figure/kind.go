package figure

import (
	"context"
	"slices"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
)

// Kind is a kind of figure, by the name that addresses have.
type Kind string

// The kinds.
const (
	States      Kind = "states"      // states per obligation
	Matrix      Kind = "matrix"      // completion by unit and obligation
	Trend       Kind = "trend"       // completion over the year
	Overdue     Kind = "overdue"     // units by overdue duties
	Comparison  Kind = "comparison"  // a few units side by side
	Publication Kind = "publication" // working days used for publishing
	Weights     Kind = "weights"     // weights in performance schemes
	Leaders     Kind = "leaders"     // deputies and briefings through the year
	Rotation    Kind = "rotation"    // how a rotation comes along
	Seats       Kind = "seats"       // seats that a rotation needs, and those scheduled, by month
	Sessions    Kind = "sessions"    // sessions, attendances and hours by month
	Courses     Kind = "courses"     // hours by course
	Scores      Kind = "scores"      // scores by class
	Ranks       Kind = "ranks"       // ranks against the year before
)

// Theme groups kinds on a page.
type Theme string

// The themes, in the order of the tabs.
const (
	Progress Theme = "progress"
	Terms    Theme = "terms"
	Training Theme = "training"
	Results  Theme = "results"
)

// Themes are all of them.
var Themes = []Theme{Progress, Terms, Training, Results}

// drawing is how a kind is drawn, and what reading it takes.
type drawing struct {
	kind   Kind
	theme  Theme
	object string
	draw   func(d *Desk, ctx context.Context, actor compliance.Actor, q Query) (*Figure, error)
}

func (d drawing) readable(access rbac.Access, unit models.Unit) bool {
	return access.AllowsAt(d.object, "read", unit.Path)
}

// kindsOf lists the kinds in the order in which a page shows them.
var kindsOf = []drawing{
	{States, Progress, "board", (*Desk).states},
	{Trend, Progress, "board", (*Desk).trend},
	{Matrix, Progress, "board", (*Desk).matrix},
	{Overdue, Progress, "board", (*Desk).overdue},
	{Comparison, Progress, "board", (*Desk).comparison},
	{Publication, Terms, "duty", (*Desk).publication},
	{Weights, Terms, "duty", (*Desk).weights},
	{Leaders, Terms, "duty", (*Desk).leaders},
	{Rotation, Training, "rotation", (*Desk).rotation},
	{Seats, Training, "rotation", (*Desk).seats},
	{Sessions, Training, "rotation", (*Desk).sessions},
	{Courses, Training, "rotation", (*Desk).courses},
	{Scores, Results, "score", (*Desk).scores},
	{Ranks, Results, "score", (*Desk).ranks},
}

func find(kind Kind) (drawing, bool) {
	at := slices.IndexFunc(kindsOf, func(d drawing) bool { return d.kind == kind })
	if at < 0 {
		return drawing{}, false
	}
	return kindsOf[at], true
}

// ThemeOf returns the theme of a kind, empty for no kind.
func ThemeOf(kind Kind) Theme {
	one, _ := find(kind)
	return one.theme
}

// Kinds lists all kinds.
func Kinds() []Kind {
	kinds := make([]Kind, len(kindsOf))
	for i, one := range kindsOf {
		kinds[i] = one.kind
	}
	return kinds
}
