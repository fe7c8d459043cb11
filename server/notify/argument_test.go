package notify_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/desk/desktest"
	"sundial/server/notify"
	"sundial/server/rules"
	"sundial/server/store/storetest"
)

// argument draws one of the kinds that a message takes.
func argument() *rapid.Generator[any] {
	date := rapid.Custom(func(t *rapid.T) any {
		return calendar.Date(rapid.Int32Range(0, int32(calendar.MustParseDate("2199-12-31"))).Draw(t, "day"))
	})
	text := rapid.Custom(func(t *rapid.T) any {
		// Texts that look like something else stay texts.
		return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "2017-06-16", "12", "{\"date\":\"2017-06-16\"}", "null", "〔2017〕12号"})).Draw(t, "text")
	})
	both := rapid.Custom(func(t *rapid.T) any {
		return rules.Text{ZH: rapid.String().Draw(t, "zh"), EN: rapid.String().Draw(t, "en")}
	})
	number := rapid.Custom(func(t *rapid.T) any { return rapid.IntRange(-1_000_000, 1_000_000).Draw(t, "number") })
	one := rapid.OneOf(date, text, both, number)
	lists := rapid.Custom(func(t *rapid.T) any { return rapid.SliceOfN(one, 0, 4).Draw(t, "list") })
	return rapid.OneOf(one, lists)
}

// TestArgumentsComeBack sends messages with all kinds of arguments and reads them again:
// in both languages they say what they said.
func TestArgumentsComeBack(t *testing.T) {
	w := desktest.New(t, storetest.SQLite(t))
	actor, desk := w.Reporter(desktest.Jinan), notify.New(w.Store, w.Now)
	catalog, err := frontend.NewCatalog()
	w.Must(err)
	rapid.Check(t, func(t *rapid.T) {
		args := rapid.MapOfN(rapid.StringMatching(`[A-Z][a-z]{1,8}`), argument(), 0, 4).Draw(t, "args")
		n := note(w, desktest.Jinan)
		n.Text.Args = args
		w.Must(send(w, n))
		page, err := desk.Inbox(w.Context(), actor.ID, actor.Access, notify.Query{Limit: 1})
		w.Must(err)
		got := page.Items[0].Text.Args
		if len(got) != len(args) {
			t.Fatalf("sent %v, got %v", args, got)
		}
		for name, sent := range args {
			if _, list := sent.([]any); !list {
				if diff := cmp.Diff(sent, got[name]); diff != "" {
					t.Fatalf("%s is another one (-sent +got):\n%s", name, diff)
				}
			}
			for _, lang := range frontend.Languages {
				locale := catalog.Locale(lang)
				if said, says := locale.Value(sent), locale.Value(got[name]); said != says {
					t.Fatalf("%s: %s said %q and says %q", lang, name, said, says)
				}
			}
		}
	})
}

// The words of this house are kinds of texts, and names of units both of theirs.
func TestNamedKindsAreArguments(t *testing.T) {
	w := desktest.New(t, storetest.SQLite(t))
	actor, desk := w.Reporter(desktest.Jinan), notify.New(w.Store, w.Now)
	n := note(w, desktest.Jinan)
	n.Text.Args = models.Args("Level", models.UrgeRed, "Unit", notify.UnitName(w.Unit(desktest.Jinan)), "Unnamed", notify.UnitName(models.Unit{Name: "某单位"}),
		"Days", []calendar.Date{desktest.Day("2017-06-16")}, "Report", uint64(7))
	w.Must(send(w, n))
	page, err := desk.Inbox(t.Context(), actor.ID, actor.Access, notify.Query{})
	w.Must(err)
	want := models.Args("Level", "red", "Unit", rules.Text{ZH: "济南市", EN: "Jinan"}, "Unnamed", rules.Text{ZH: "某单位", EN: "某单位"},
		"Days", []any{desktest.Day("2017-06-16")}, "Report", 7)
	if diff := cmp.Diff(want, page.Items[0].Text.Args); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
