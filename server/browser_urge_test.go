package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// TestUrgingInABrowser has the province urge two cities: Qingdao, which says nothing while
// the days turn, and Jinan, which signs and replies with a file.
func TestUrgingInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 2)
	office, city := windows[0], windows[1]
	w.clock.set(noon("2017-06-12"))
	office.signIn("province", ".matrix")
	city.signIn("reporter", "main")

	silent := office.urgeQingdao(w)
	// The plan is due on Friday the 16th and the reply on Thursday the 15th: yellow is three
	// working days before the one, red the day after the other.
	for _, turn := range []struct{ on, level, next string }{
		{"2017-06-12", "蓝牌", "将于2017年6月13日升级为黄牌"},
		{"2017-06-13", "黄牌", "将于2017年6月16日升级为红牌"},
		{"2017-06-16", "红牌", "逾期未回复"},
	} {
		w.clock.set(noon(turn.on))
		w.app.turnDay(t.Context())
		office.open(silent)
		office.wantText("h1", turn.level)
		office.wantText("main", turn.next)
	}
	office.wantText(".urge-steps", "系统自动记录", "2017年6月13日", "2017年6月16日")

	w.clock.set(noon("2017-06-20"))
	answered := office.urgeFromTheList()
	city.open("/inbox")
	city.wantText("main", "山东省催办济南市", "2017年6月23日前回复")
	city.open(answered)
	city.wantText("main", "应于2017年6月16日办结，已逾期 4 天")
	city.send(".urge-receive .btn-primary")
	city.wantText(".flash", "已签收")
	city.urgeReply(t, answered)
	office.open(answered)
	office.wantText(".urge-status", "已回复")
	office.wantText(".urge-steps", "方案已公布", "公布截图.pdf")
	// Jinan sees nothing of Qingdao's.
	city.open("/units/370100/urges")
	if got := city.ask("String(document.querySelectorAll('a[href=\"" + silent + "\"]').length)"); got != "0" {
		t.Errorf("Jinan's list has %s links to Qingdao's urge", got)
	}
	// From the board a unit is urged for all that it owes: Jinan's within the cool-down is
	// said to be so.
	office.open("/units/370000/board?year=2017")
	office.do(press(".matrix tr:has(a[href^='/units/370100']) .urge-pick"))
	office.wantText("#urge", "催办所选单位（1 家）")
	office.send("#urge .btn-primary")
	office.wantText("#letter-370100", "济南市", "冷却期内（2017年6月23日前）")
	wantQuiet(t, windows)
}

// urgeQingdao urges for the plan before it is due, and returns the page of the urge.
func (w *window) urgeQingdao(of *world) string {
	w.t.Helper()
	w.open("/units/370000/urges/new?item=duty:" + number(of.sibling.open))
	w.wantText("#letter-370200", "青岛市", "蓝牌", "应于2017年6月16日办结，还有 4 个工作日")
	w.wantText(".urge-reply-by", "2017年6月15日前回复")
	w.send(".urge-send .btn-primary")
	w.wantText(".flash", "已向 1 个单位发出催办")
	return w.urgeOf("青岛市")
}

// urgeOf returns the page of the unit's urge by the province in the list.
func (w *window) urgeOf(unit string) string {
	w.t.Helper()
	return w.ask("[...document.querySelectorAll('.urge-list tbody tr')].find(row => row.innerText.includes('" + unit + "') && !row.querySelector('.duty-unit .sub')).querySelector('a').pathname")
}

// urgeFromTheList chooses Jinan's overdue plan in the list of duties; Qingdao was urged
// too long ago to be within the cool-down and is left out all the same.
func (w *window) urgeFromTheList() string {
	w.t.Helper()
	w.open("/duties?unit=370000&state=overdue&obligation=sd2017.plan&year=2017")
	w.wantText(".duty-list tr:has(a[href^='/units/370200'])", "红牌")
	w.do(press(".duty-list tr:has(a[href^='/units/370100']) .urge-pick"), press(".duty-list tr:has(a[href^='/units/370200']) .urge-pick"))
	w.wantText("#urge", "催办所选（2 项）")
	w.send("#urge .btn-primary")
	w.wantText("#letter-370100", "红牌")
	w.do(press("#letter-370200 [name=send]"))
	w.send(".urge-send .btn-primary")
	w.wantText(".flash", "已向 1 个单位发出催办")
	return w.urgeOf("济南市")
}

// urgeReply replies with a file.
func (w *window) urgeReply(t *testing.T, page string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "公布截图.pdf")
	if err := os.WriteFile(file, []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	form := "form[action='" + page + "/reply']"
	w.fill(form, "text", "方案已公布，材料正在整理。", "url", "https://www.jinan.example/plan")
	w.do(upload("#file", file))
	w.send(form + " .btn-primary")
	w.wantText(".flash", "已回复")
	w.wantText(".urge-steps", "方案已公布", "公布截图.pdf")
}
