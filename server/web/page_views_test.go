package web

import (
	"testing"

	"sundial/models"
)

func viewsPages(s sample) []samplePage {
	list := []models.SavedView{{ID: 3, Name: "\u9752\u5c9b\u903e\u671f\u4e8b\u9879", Address: "/duties?state=overdue&unit=370200&year=2017", SavedAt: sampleNow}, {ID: 4, Name: "\u5168\u7701\u53f0\u8d26", Address: "/units/370000/board?year=2017", SavedAt: sampleNow}}
	taken := &ViewForm{Name: list[0].Name, Address: "/units/370000/board", Taken: true, Error: models.NewError(models.Conflict, "views.name_taken", "Name", list[0].Name)}
	return []samplePage{
		{"views", "views", ViewsPage{Page: s.page(), Views: list}, []string{".views-name[href='/duties?state=overdue&unit=370200&year=2017']", "form[action='/views/4/remove'] button"}},
		{"views-taken", "views", ViewsPage{Page: s.page(), Views: list, Form: taken}, []string{".error-summary", "[name=replace]:not([checked])", "[name=address][value='/units/370000/board']"}},
		{"views-empty", "views", ViewsPage{Page: s.page(), Form: &ViewForm{Address: "/policies"}}, []string{".empty", "form:not(:has([name=replace])) #name[required]"}},
	}
}

func TestWhatCanBeSaved(t *testing.T) {
	var pages []string
	for _, r := range routes {
		if r.isSavable() {
			pages = append(pages, r.path)
		}
	}
	for address, want := range map[string]string{
		"/invitation/secret": "", "/attend/7?code=123456": "", "/certificates?code=x": "", "/login?next=/": "", "/public/bulletins/9": "",
		"https://elsewhere.example/duties": "", "//elsewhere.example/duties": "", "/\\elsewhere.example": "", "/duties\n": "", "": "", "duties": "", "/nowhere": "", "/units//board": "",
		"/units/370000/tasks.csv": "", "/views": "", "/duties/5/reports": "", "/logout": "", "/assets/app.css": "", "javascript:alert(1)": "",
		"/": "/", "/duties?state=overdue&unit=370200": "/duties?state=overdue&unit=370200", "/units/370000/board?as_of=2017-06-10&year=2017": "/units/370000/board?as_of=2017-06-10&year=2017",
		"/duties?cursor=abc&unit=370200": "/duties?unit=370200", "/audit?cursor=9": "/audit", "/search?q=%E9%9D%92%E5%B2%9B": "/search?q=%E9%9D%92%E5%B2%9B",
	} {
		if got := savable(address, pages); got != want {
			t.Errorf("%q is saved as %q, want %q", address, got, want)
		}
	}
}
