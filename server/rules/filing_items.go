package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Names of rows that add up others: as items they would count twice.
var (
	totals    = []string{"合计", "总计", "共计", "总分", "总和", "total", "sum"}
	subtotals = []string{"小计", "subtotal"}
)

// IsTotal tells whether a name is that of the row that adds up all others.
func IsTotal(name string) bool { return slices.Contains(totals, sumKey(name)) }

func isSum(name string) bool { return IsTotal(name) || slices.Contains(subtotals, sumKey(name)) }

func sumKey(name string) string { return strings.Trim(itemKey(name), ":：") }

// itemKey is what two names of the same item have in common.
func itemKey(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), "")) }

// CheckItems tells what is wrong with the items of a performance scheme one by
// one, beside their points: a mark that there is not, or one without its reason; a
// mark on an item without points, of which nothing can count; a reason without a
// mark; a name that stands twice, or is that of a sum. Items without points are
// legal otherwise: bonuses and deductions have none.
func CheckItems(items []Item) []FieldProblem {
	c := &checker{}
	first := map[string]int{}
	for i, item := range items {
		c.text(itemField(i, "name"), item.Name, MaxItemName, false)
		if key := itemKey(item.Name); key != "" {
			if at, taken := first[key]; taken {
				c.problem(itemField(i, "name"), "filing.item_twice", "Number", at+1)
			} else {
				first[key] = i
			}
		}
		if isSum(item.Name) {
			c.problem(itemField(i, "name"), "filing.item_is_sum", "Value", item.Name)
		}
		c.mark(i, item)
	}
	return c.problems
}

// mark checks the mark of an item with its reason.
func (c *checker) mark(i int, item Item) {
	reason := itemField(i, "reason")
	switch item.Openness {
	case OpennessCore, OpennessRelated:
		c.text(reason, item.Reason, MaxItemReason, false)
		if strings.TrimSpace(item.Reason) == "" {
			c.problem(reason, "filing.mark_reason")
		}
		var unread []FieldProblem
		if value := points(item.Points, "", &unread); len(unread) == 0 && value.IsZero() {
			c.problem(itemField(i, "points"), "filing.mark_without_points")
		}
	case OpennessNone:
		if strings.TrimSpace(item.Reason) != "" {
			c.problem(itemField(i, "openness"), "filing.reason_without_mark")
		}
	default:
		c.problem(itemField(i, "openness"), "filing.bad_mark", "Value", string(item.Openness))
	}
}

// CheckPoints tells what is wrong with a number of points that was read elsewhere;
// nil when nothing is.
func CheckPoints(value decimal.Decimal) *FieldProblem {
	var problems []FieldProblem
	points(value.String(), "points", &problems)
	if len(problems) > 0 {
		return &problems[0]
	}
	return nil
}

// Item returns which item of a scheme the problem is about, from 0, and which part
// of it: name, points, openness or reason. For a problem of CheckItems.
func (p FieldProblem) Item() (index int, part string) {
	_, part, _ = strings.Cut(p.Field, ".")
	_, _ = fmt.Sscanf(p.Field, "items[%d]", &index) // itemField wrote it
	return index, part
}
