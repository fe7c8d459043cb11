package web

import (
	"sundial/models"
	"sundial/server/bulletin"
)

// issues are the editions of the published bulletin of the samples, the newest first.
func (s sample) issues() []bulletin.Issue {
	d := s.bulletinData()
	sound := bulletin.Seal{Published: "abc", Logged: "abc", Now: "abc"}
	issue := bulletin.Issue{Series: "370000-2017-1", Edition: 2, Title: "关于2017年山东省政务公开工作情况的通报", Number: "鲁政办通报〔2018〕3号",
		Office: d.Scope, Year: 2017, AsOf: d.AsOf, PublishedOn: d.AsOf + 20, Change: "补充说明。", Total: d.Total, Demo: true, HasRanking: true, HasLate: true, HasFindings: true, Seal: sound}
	first := issue
	first.Edition, first.PublishedOn, first.Change = 1, d.AsOf+10, ""
	return []bulletin.Issue{issue, first}
}

func publicPages(s sample) []samplePage {
	issues := s.issues()
	broken := bulletin.Issue{Series: "210000-2016-1", Edition: 1, Year: 2016, PublishedOn: s.view.AsOf}
	shelf := &bulletin.Shelf{Items: []bulletin.Shelved{{Issue: issues[0], Replaced: issues[1:]}, {Issue: broken}}, Total: 2, All: 2, Next: "7", Years: []int{2017, 2016},
		Units: []bulletin.ShelfUnit{{Unit: s.province, Bulletins: 2, Latest: 2017}}, Policies: []models.Policy{{Code: "shandong-2017", TitleZH: "政策", TitleEN: "Policy"}}, Unit: &s.province}
	list := newPublicPage(s.page(), shelf, PublicFilter{Unit: s.province.Code, Year: 2017})
	none := newPublicPage(s.page(), &bulletin.Shelf{All: 2, Units: shelf.Units}, PublicFilter{Text: "没有"})
	empty := newPublicPage(s.page(), &bulletin.Shelf{}, PublicFilter{})
	return []samplePage{
		{"public", "public", list, []string{"h3 a[href='/public/bulletins/370000-2017-1/2']", "a[href$='/2/data.json']", "a[href$='/2/document.docx']", "dd a[href$='#late']", ".public-replaced a[href$='/1'] ~ .is-replaced",
			".public-issue .field-error", "a[rel=next]", ".public-units a[aria-current]", "option[value='2017'][selected]", ".public-change"}},
		{"public-none", "public", none, []string{".empty", "a.btn[href='/public']"}},
		{"public-data", "public_data", newPublicDataPage(s.page()), []string{"#object-edition", "#table-board", "a[href='#object-unit']", ".public-value", "pre", "a[href='#table-late']"}},
		{"public-empty", "public", empty, []string{".empty-panel", "main:not(:has(form))"}},
	}
}
