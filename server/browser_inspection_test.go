package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAnInspectionInABrowser takes an inspection from the random draw to what was found
// and put right, as the province and Jinan do it on their pages. What is found concerns a
// duty that is met, and leaves it so.
func TestAnInspectionInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 2)
	office, city := windows[0], windows[1]
	w.clock.set(noon("2017-06-12"))
	office.signIn("province", ".matrix")
	city.signIn("reporter", "main")
	office.open("/queue")
	list := fmt.Sprintf(".queue-line:has(a[href^='/duties/%d'])", w.inside.waiting)
	office.do(press(list+" .decision-verify button"), chromedp.WaitVisible(list+".is-done"))
	duty := "/duties/" + number(w.inside.waiting)
	city.open(duty)
	city.wantText(".duty-badge", "按时")

	inspection := office.inspectionOpened()
	finding := office.inspectionFound(inspection, w.inside.waiting)
	city.open(inspection)
	city.wantText("main", "这里只显示涉及本单位的督查情况", "目录缺少两项")
	if city.ask("String(document.body.innerText.includes('青岛'))") != "false" {
		t.Error("Jinan sees that Qingdao is inspected")
	}
	w.clock.set(noon("2017-06-20"))
	city.inspectionAnswered(finding, "已补充两项")
	w.clock.set(noon("2017-06-21"))
	office.inspectionReturned(finding)
	w.clock.set(noon("2017-06-22"))
	city.inspectionAnswered(finding, "另一项也已补充")
	w.clock.set(noon("2017-06-23"))
	office.inspectionClosed(finding)

	for _, window := range windows {
		window.open(duty)
		window.wantText(".duty-badge", "按时")
		window.wantText(".duty-findings", "严重", "已销号", "目录缺少两项")
	}
	office.open(inspection)
	office.wantText(".inspection-figures", "1 / 2", "100%")
	office.do(chromedp.WaitVisible("#share-chart canvas"))
	office.wantText(".inspection-share", "需整改 1 个，其中按期整改 1 个，占 100%")
	office.send("main a[href='" + inspection + "/draw']")
	office.wantText(".draw-verdict", "重新抽取的结果与存档完全一致")
	wantQuiet(t, windows)
}

// inspectionOpened has the province draw two of two cities, and returns the address of the
// inspection.
func (w *window) inspectionOpened() string {
	w.t.Helper()
	w.open("/units/370000/inspections")
	w.send("main .head a.btn-primary")
	w.do(press("#form [name=mode][value=sample]"))
	w.fill("#form", "title", "2017年上半年督查", "codes", "370100 370200", "start_on", "2017-06-12", "end_on", "2017-06-30", "sample", "2", "seed", "2017068", "seed_source", "双色球第2017068期")
	w.send("#form .btn-primary")
	w.wantText("#preview", "将从 2 家单位中抽取 2 家", "济南市", "青岛市")
	w.send("#preview .btn-primary")
	w.wantText(".inspection-units", "济南市", "青岛市", "抽中")
	return w.ask("location.pathname")
}

// inspectionFound has the province enter what it found in Jinan about the duty, with a
// file, and returns the address of that.
func (w *window) inspectionFound(inspection string, duty uint64) string {
	w.t.Helper()
	w.open(inspection + "/findings/new?unit=370100&duty=" + number(duty))
	w.wantText(".due-big", "2017年7月3日")
	form := "form[action='" + inspection + "/findings']"
	w.do(press(form + " [name=severity][value=serious]"))
	w.fill(form, "clause", "二(一)3", "text", "公布的抽查事项目录缺少两项", "demand", "补充目录")
	file := filepath.Join(w.t.TempDir(), "网页截图.pdf")
	if err := os.WriteFile(file, []byte(pdf), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.do(upload(form+" [name=file]", file))
	w.send(form + " .btn-primary")
	w.wantText("h1", "严重", "整改中")
	w.wantText(".file-list", "网页截图.pdf")
	return w.ask("location.pathname")
}

// inspectionAnswered has the city tell what it has done.
func (w *window) inspectionAnswered(finding, note string) {
	w.t.Helper()
	w.open("/units/370100/findings")
	w.send("main a[href='" + finding + "']")
	w.wantText(".finding-next", "填报整改情况")
	w.send(".finding-next a")
	w.fill("form[action$='/answer']", "note", note)
	w.send("form[action$='/answer'] .btn-primary")
	w.wantText(".rect-status", "待核查")
	if strings.Contains(w.ask("[...document.querySelectorAll('form')].map(f => f.action).join()"), "/close") {
		w.t.Error("the city could close its own finding")
	}
}

// inspectionReturned has the province send it back.
func (w *window) inspectionReturned(finding string) {
	w.t.Helper()
	w.open(finding)
	w.wantText(".rect-steps", "已补充两项")
	w.send(".finding-next a")
	w.fill("form[action$='/return']", "note", "还缺一项")
	w.send("form[action$='/return'] .btn")
	w.wantText(".rect-status", "整改中")
}

// inspectionClosed has the province close it.
func (w *window) inspectionClosed(finding string) {
	w.t.Helper()
	w.open(finding)
	w.wantText(".rect-steps", "还缺一项", "另一项也已补充")
	w.send(".finding-next a")
	w.send("form[action$='/close'] .btn-primary")
	w.wantText(".rect-status", "已销号")
	w.open(finding)
	w.wantText("h1", "已销号")
	w.wantText(".facts", "按期整改")
}
