package scoring_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"sundial/server/rules"
	"sundial/server/scoring"
)

// draft makes a random scheme: it knows which ids are taken and what limits there
// are for bonuses and for deductions.
type draft struct {
	*rapid.T
	next    int
	classes []string
	limits  map[scoring.Method][]string
}

// amount returns a number of points with so many decimals.
func (d *draft) amount(decimals int, label string) scoring.Amount {
	unit := scoring.Point
	for range decimals {
		unit /= 10
	}
	most := 50 * int(scoring.Point/unit)
	return unit * scoring.Amount(rapid.IntRange(1, most).Draw(d.T, label))
}

func (d *draft) chance(percent int, label string) bool {
	return rapid.IntRange(1, 100).Draw(d.T, label) <= percent
}

func drawScheme(t *rapid.T) *scoring.Scheme {
	d := &draft{T: t, limits: map[scoring.Method][]string{}}
	s := &scoring.Scheme{ID: "trial", Title: word("方案"), Year: 2018, Region: "370000", Basis: word("依据"), AppealDays: 10, Grades: scoring.DefaultGrades()}
	for _, class := range []string{"A", "B", "C"}[:rapid.IntRange(1, 3).Draw(t, "classes")] {
		maximum := rapid.SampledFrom([]scoring.Score{8000, 9500, 10000, 11050}).Draw(t, "maximum")
		s.Classes = append(s.Classes, scoring.Class{ID: class, Title: word(class), Maximum: maximum})
		d.classes = append(d.classes, class)
	}
	s.Indicators = []scoring.Indicator{d.leaf(scoring.MethodAward, d.classes)}
	for n := range rapid.IntRange(0, 3).Draw(t, "limits") {
		method := rapid.SampledFrom([]scoring.Method{scoring.MethodBonus, scoring.MethodDeduct}).Draw(t, "limit of")
		limit := scoring.Limit{ID: fmt.Sprintf("limit-%d", n), Title: word("限额"), Most: d.amount(4, "most")}
		if outer := d.limits[method]; len(outer) > 0 && d.chance(70, "within") {
			limit.Within = rapid.SampledFrom(outer).Draw(t, "outer")
		}
		d.limits[method] = append(d.limits[method], limit.ID)
		s.Limits = append(s.Limits, limit)
		used := d.leaf(method, d.classes)
		used.Cap = limit.ID
		s.Indicators = append(s.Indicators, used)
	}
	for range rapid.IntRange(0, 5).Draw(t, "indicators") {
		s.Indicators = append(s.Indicators, d.indicator(1, d.classes))
	}
	return s
}

func word(text string) rules.Text { return rules.Text{ZH: text, EN: "Text: " + text} }

// indicator returns one of any method with all below it.
func (d *draft) indicator(level int, classes []string) scoring.Indicator {
	methods := []scoring.Method{scoring.MethodAward, scoring.MethodDeduct, scoring.MethodBonus, scoring.MethodVeto, scoring.MethodAuto, scoring.MethodComposite}
	if level < 3 {
		methods = append(methods, scoring.MethodGroup, scoring.MethodGroup)
	}
	own := classes
	if len(classes) > 1 && d.chance(20, "some classes") {
		own = classes[:rapid.IntRange(1, len(classes)-1).Draw(d.T, "of them")]
	}
	var i scoring.Indicator
	switch method := rapid.SampledFrom(methods).Draw(d.T, "method"); method {
	case scoring.MethodGroup:
		i = d.named(method)
		for range rapid.IntRange(1, 3).Draw(d.T, "children") {
			i.Children = append(i.Children, d.indicator(level+1, own))
		}
	case scoring.MethodComposite:
		i = d.composite(level, own)
	default:
		i = d.leaf(method, own)
		d.cap(&i, level)
	}
	if len(own) < len(classes) {
		i.Classes = slices.Clone(own)
	}
	return i
}

func (d *draft) named(method scoring.Method) scoring.Indicator {
	d.next++
	i := scoring.Indicator{ID: fmt.Sprintf("item-%d", d.next), Title: word("指标"), Method: method}
	if method != scoring.MethodGroup {
		i.Clause, i.Counts = "一", word("计")
	}
	return i
}

// leaf returns one that is scored by a mark, with cap own.
func (d *draft) leaf(method scoring.Method, classes []string) scoring.Indicator {
	i := d.named(method)
	decimals := 4
	switch method {
	case scoring.MethodVeto:
		i.Grade = rapid.SampledFrom([]string{"good", "pass", "fail"}).Draw(d.T, "grade")
		return i
	case scoring.MethodDeduct:
		i.Cap = scoring.CapOwn
	case scoring.MethodAuto:
		decimals = 2
		i.Obligations = []string{"tr2017.plan"}
		i.LateShare = scoring.Point / 10000 * scoring.Amount(rapid.IntRange(0, 10000).Draw(d.T, "late share"))
	}
	i.Points = d.amount(decimals, "points")
	if d.chance(30, "points for a class") {
		class := rapid.SampledFrom(classes).Draw(d.T, "class")
		i.PointsFor = map[string]scoring.Amount{class: d.amount(decimals, "points for it")}
	}
	return i
}

// cap gives a deduction or a bonus one of those that it can have outside composites.
func (d *draft) cap(i *scoring.Indicator, level int) {
	caps := slices.Clone(d.limits[i.Method])
	switch {
	case i.Method == scoring.MethodBonus:
		caps = append(caps, "")
	case i.Method != scoring.MethodDeduct:
		return
	case level > 1:
		caps = append(caps, scoring.CapOwn, scoring.CapNone, scoring.CapParent)
	default:
		caps = append(caps, scoring.CapOwn, scoring.CapNone)
	}
	i.Cap = rapid.SampledFrom(caps).Draw(d.T, "cap")
	if i.Method == scoring.MethodDeduct && i.Cap != scoring.CapOwn && d.chance(50, "no points of its own") {
		i.Points, i.PointsFor = 0, nil
	}
}

// composite returns one of one to three sources, whose weights are all of it.
func (d *draft) composite(level int, classes []string) scoring.Indicator {
	i := d.leaf(scoring.MethodComposite, classes)
	i.Points = i.Points/scoring.Point*scoring.Point + scoring.Point // whole points can be divided
	i.PointsFor = nil
	left := 10000
	for n := rapid.IntRange(1, 3).Draw(d.T, "sources"); n > 0; n-- {
		weight := left
		if n > 1 {
			weight = rapid.IntRange(1, left-n+1).Draw(d.T, "weight")
		}
		left -= weight
		source := d.source(level, i.Points)
		source.Weight = scoring.Point / 10000 * scoring.Amount(weight)
		i.Children = append(i.Children, source)
	}
	return i
}

// source returns an award, or a group whose indicators have the points together: they
// stand one level below the composite.
func (d *draft) source(level int, points scoring.Amount) scoring.Indicator {
	if level == 3 || d.chance(40, "award") {
		return d.named(scoring.MethodAward)
	}
	source := d.named(scoring.MethodGroup)
	first := scoring.Point / 100 * scoring.Amount(rapid.IntRange(1, int(points/scoring.Point)*100-1).Draw(d.T, "first"))
	for _, part := range []scoring.Amount{first, points - first} {
		child := d.leaf(rapid.SampledFrom([]scoring.Method{scoring.MethodAward, scoring.MethodDeduct, scoring.MethodAuto}).Draw(d.T, "method"), d.classes)
		child.Points, child.PointsFor = part, nil
		if child.Method == scoring.MethodDeduct {
			child.Cap = rapid.SampledFrom([]string{scoring.CapOwn, scoring.CapParent}).Draw(d.T, "cap")
		}
		source.Children = append(source.Children, child)
	}
	if d.chance(40, "bonus") {
		source.Children = append(source.Children, d.named(scoring.MethodBonus))
		source.Children[2].Points = d.amount(4, "bonus points")
	}
	return source
}

// drawMarks draws a mark for each leaf of the card.
func drawMarks(t *rapid.T, card *scoring.Card) []scoring.Mark {
	marks := make([]scoring.Mark, len(card.Leaves))
	for n, leaf := range card.Leaves {
		marks[n] = drawMark(t, leaf)
	}
	return marks
}

func drawMark(t *rapid.T, leaf scoring.Leaf) scoring.Mark {
	kind := rapid.IntRange(0, 9).Draw(t, "kind of mark")
	switch {
	case leaf.Method == scoring.MethodVeto:
		return scoring.Mark{Raised: kind == 0}
	case kind == 0:
		return scoring.Mark{NA: true}
	case kind == 1:
		return scoring.Mark{}
	case leaf.Method == scoring.MethodAuto && kind < 8:
		return scoring.Mark{States: rapid.SliceOfN(rapid.SampledFrom(rules.States), 0, 6).Draw(t, "states")}
	case leaf.Method == scoring.MethodDeduct:
		return scoring.Mark{Given: true, Points: drawPoints(t, 80*scoring.Point)}
	default:
		return scoring.Mark{Given: true, Points: drawPoints(t, leaf.Points)}
	}
}

// drawPoints draws an entry of at most so much, often none or all of it.
func drawPoints(t *rapid.T, most scoring.Amount) scoring.Amount {
	switch rapid.IntRange(0, 4).Draw(t, "how much") {
	case 0:
		return 0
	case 1:
		return most
	default:
		return scoring.Point / 10000 * scoring.Amount(rapid.IntRange(0, int(most/(scoring.Point/10000))).Draw(t, "entry"))
	}
}
