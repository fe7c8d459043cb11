package main

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
)

// get fetches an address of the page's site: its status, and the beginning of its content.
func (w *window) get(path string) string {
	w.t.Helper()
	return w.ask(fmt.Sprintf("(() => { const x = new XMLHttpRequest(); x.open('GET', %q, false); x.send(); return x.status + ' ' + x.responseText.slice(0, 400); })()", path))
}

// TestABulletinInABrowser composes a bulletin, edits its words, has a wrong number pointed
// out, publishes it, and reads it as somebody who is not signed in.
func TestABulletinInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 2)
	office, visitor := windows[0], windows[1]
	office.signIn("province", ".matrix")
	office.open("/units/370000/bulletins")
	office.send(".head a.btn-primary")
	office.fill("form[action='/units/370000/bulletins/new']", "year", "2017", "as_of", "2017-06-09")
	office.send("form[action='/units/370000/bulletins/new'] .btn-primary")
	office.wantText(".bulletin-title", "关于2017年山东省政务公开工作情况的通报")
	office.send("button[formmethod=post]")
	office.wantText("h1", "草稿")

	// A field is pressed where the cursor is, and read below at once.
	owed := office.ask("document.querySelector(\"button[data-field='{应办总数}']\").dataset.value")
	office.do(enter("#text_1", "共"), press("button[data-field='{应办总数}']"))
	office.do(words("项，另有1234项没有上报。"))
	office.wantText("#text_1 + output", "共"+owed+"项，另有1234项没有上报。")
	office.fill(".bulletin-editor", "number", "鲁政办通报〔2017〕5号")
	office.send(".bulletin-editor .btn-primary")
	office.wantText(".bulletin-typed", "1234", "不是统计数据")

	office.send(".head [name=then][value=check]")
	office.wantText("main", "核对未通过", "1234", "不是汇总数据中的数字")
	if got := office.ask("String(document.querySelectorAll(\"form[action$='/publish']\").length)"); got != "0" {
		t.Error("a bulletin that does not reconcile can be published")
	}
	office.send(".head a.btn")
	// Who goes on to the check has saved what was typed.
	office.fill(".bulletin-editor", "text", "共{应办总数}项，完成率{完成率}。")
	office.send(".head [name=then][value=check]")
	office.wantText(".bulletin-publish", "核对一致")
	office.send(".bulletin-publish .btn-primary")
	office.wantText(".bulletin-seal", "内容与发布时一致")
	public := office.ask("document.querySelector('.head a.btn-primary').getAttribute('href')")
	if !strings.HasPrefix(public, "/public/bulletins/370000-2017-") {
		t.Fatalf("the public page is %s", public)
	}

	visitor.open(public)
	visitor.wantText("main", "鲁政办通报〔2017〕5号", "共"+owed+"项，完成率", "内容与发布时一致", "济南市")
	for file, want := range map[string]string{"/board.csv": "200 单位代码,单位,类别", "/late.csv": "200 单位代码,单位,要求", "/document.docx": "200 PK"} {
		if got := strings.ReplaceAll(visitor.get(public+file), "\ufeff", ""); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", file, got[:min(len(got), 200)])
		}
	}
	for range 8 {
		visitor.open(public)
	}
	visitor.wantText("h1", "政务公开工作通报")
	wantQuiet(t, windows)
}
