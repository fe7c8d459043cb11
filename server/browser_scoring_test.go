package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/shopspring/decimal"

	"sundial/models"
	"sundial/seeds"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/scoring"
)

// scoringTitle is the round of the test.
const scoringTitle = "2017年度全省政务公开考核"

// TestARoundOfScoringInABrowser takes a round of scoring from the copied scheme to the
// frozen result, as the province, an assessor and Jinan do it on their pages.
//
// By hand: of the 100 points for cities those for incidents (6) do not apply, which leaves
// 94. Of the duties Jinan has only its list of inspections, in time: 4 points. It scores
// itself 8+4+4+6+4+4 = 30, 6, 8+4 = 12, 0.4×16+0.35×16+0.25×12 = 15, 6 and 1 with 0.5 on
// top: 70.5/94 = 75.00. Verified are interpretation with 6 and the platforms with
// 0.4×14+0.35×14+0.25×12 = 13.5: 67/94 = 71.28. With interpretation at 8 again after the
// appeal it is 69/94 = 73.40. The list of Qingdao waits to be verified and leaves 90, of
// which it has 65: 72.22. The other cities have 59 of 94: 62.77.
func TestARoundOfScoringInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := seeds.LoadSchemes(t.Context(), w.app.scores); err != nil {
		t.Fatal(err)
	}
	w.addUser("juror", models.Assessor, "370000")
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 3)
	office, juror, city := windows[0], windows[1], windows[2]
	w.clock.set(noon("2018-01-08"))
	office.signIn("province", ".matrix")
	juror.signIn("juror", "main")
	city.signIn("reporter", "main")

	office.open("/queue")
	list := fmt.Sprintf(".queue-line:has(a[href^='/duties/%d'])", w.inside.waiting)
	office.do(press(list+" .decision-verify button"), chromedp.WaitVisible(list+".is-done"))
	office.scoringFreezeScheme(w.scoringShipped())
	round := office.scoringOpenRound()
	sheets := w.scoringSheets(round)
	sheet := "/sheets/" + number(sheets["370100"].ID)

	city.scoringEnterSelf(sheet)
	w.clock.set(noon("2018-02-05"))
	juror.scoringVerify(round, sheet)
	w.scoringVerifyOthers(sheets)

	w.clock.set(noon("2018-02-09"))
	office.scoringFinish(round, "announce", "7 个工作日", "2018年2月24日")
	city.scoringResult(round, sheets, "第 2 名，共 17 个单位", "75.00", "71.28", "71.28")
	w.clock.set(noon("2018-02-12"))
	city.scoringAppeal(sheet)
	office.scoringRefusedFreeze(round, "2018年2月24日")
	w.clock.set(noon("2018-02-13"))
	office.scoringDecide(round)
	city.scoringResult(round, sheets, "第 1 名，共 17 个单位", "75.00", "71.28", "73.40")
	city.wantText(".result-figures", "最高 73.40", "平均 63.95", "最低 62.77") // (73.40 + 72.22 + 15×62.77) / 17
	city.scoringArithmetic(sheet)
	demand := office.scoringDemand(sheet)

	// The 11th and the 24th are working days instead of two of the holidays from the 15th to
	// the 21st: the 24th is the seventh after the 9th.
	w.clock.set(noon("2018-02-24"))
	office.scoringRefusedFreeze(round, "2018年2月24日")
	w.clock.set(noon("2018-02-25"))
	office.scoringFinish(round, "freeze", "永久固定")
	juror.scoringFrozen(sheet)
	city.scoringResult(round, sheets, "2018年2月25日定稿", "75.00", "71.28", "73.40")
	city.scoringAnswer(demand)
	office.scoringClose(demand)

	city.scoringForgive(t, sheet+"/self", "422 (Unprocessable Entity)", 1)
	juror.scoringForgive(t, sheet+"/marks", "422 (Unprocessable Entity)", 1)
	juror.scoringForgive(t, sheet+"/marks", "409 (Conflict)", 1)
	wantQuiet(t, windows)
}

// scoringForgive takes what the browser logs of refusals that the test asked for from the
// faults of a window.
func (w *window) scoringForgive(t *testing.T, path, status string, count int) {
	t.Helper()
	before := len(w.faults)
	w.faults = slices.DeleteFunc(w.faults, func(fault string) bool {
		return fault == "in the log: Failed to load resource: the server responded with a status of "+status+" "+w.site+path
	})
	if got := before - len(w.faults); got != count {
		t.Errorf("%s answered %s %d times, want %d", path, status, got, count)
	}
}

// scoringShipped returns the id of the scheme of Shandong that ships with the program.
func (w *world) scoringShipped() uint64 {
	w.t.Helper()
	var scheme models.ScoringScheme
	if err := w.store.Read(w.t.Context()).Where("code = ?", "shandong-2017-assessment").Take(&scheme).Error; err != nil {
		w.t.Fatal(err)
	}
	return scheme.ID
}

// scoringFreezeScheme copies a scheme of the province under an id of its own and freezes
// the copy.
func (w *window) scoringFreezeScheme(shipped uint64) {
	w.t.Helper()
	w.open("/schemes/" + number(shipped))
	form := "form[action='/schemes/" + number(shipped) + "/copy']"
	w.fill(form, "year", "2017", "id", "shandong-2017-office")
	w.send(form + " .btn-primary")
	w.wantText("h1", "山东省2017年度政务公开工作考核方案")
	w.wantText(".facts", "草稿", "shandong-2017-office")
	w.send(".acts a[href$='/freeze']")
	w.wantText(".scheme-classes", "A", "100")
	w.send("form[action$='/freeze'] .btn-primary")
	w.wantText(".facts", "已定稿", "尚未开展")
}

// scoringOpenRound opens the round of the copied scheme, gives class A to the assessor, and
// returns its address.
func (w *window) scoringOpenRound() string {
	w.t.Helper()
	w.open("/units/370000/assessment")
	w.send(".head a.btn-primary")
	w.do(enter("#scheme", w.ask("[...document.querySelector('#scheme').options].find(o => o.text.includes('山东省2017')).value")))
	w.send("#choose + form .btn-primary")
	const form = "form[method=post][action='/units/370000/assessment']"
	w.wantText("#preview + .facts", "设区市 共 17 家")
	w.fill(form, "title", scoringTitle, "self_until", "2018-01-31")
	w.send(form + " .btn-primary")
	w.wantText("h1", scoringTitle)
	round := w.ask("location.pathname")
	w.fill("form[action='"+round+"/assessors']", "login", "juror", "class", "A")
	w.send("form[action='" + round + "/assessors'] .btn-primary")
	w.wantText(".round-assessors", "The juror", "A类")
	return round
}

// scoringSheets returns the sheets of the round by the code of their unit.
func (w *world) scoringSheets(round string) map[string]models.Sheet {
	w.t.Helper()
	var rows []struct {
		models.Sheet
		Code string
	}
	err := w.store.Read(w.t.Context()).Table("sheets s").Joins("JOIN units u ON u.id = s.unit_id").
		Where("s.round_id = ?", strings.TrimPrefix(round, "/rounds/")).Select("s.*, u.code").Find(&rows).Error
	if err != nil {
		w.t.Fatal(err)
	}
	sheets := map[string]models.Sheet{}
	for _, row := range rows {
		sheets[row.Code] = row.Sheet
	}
	return sheets
}

// scoringType types points for an indicator, as somebody at a keyboard does, and goes on to
// the next one.
func (w *window) scoringType(indicator, points string) {
	w.t.Helper()
	field := "#m-" + indicator + " [data-points-input]"
	w.do(enter(field, points), strike(kb.Enter))
}

// scoringSaved waits until what was typed for an indicator is saved.
func (w *window) scoringSaved(indicator string) {
	w.t.Helper()
	w.do(wait("document.querySelector('#m-" + indicator + " [data-said]').textContent.includes('已保存')"))
}

// scoringPoints returns what stands in the field of an indicator.
func (w *window) scoringPoints(indicator string) string {
	w.t.Helper()
	return w.ask("document.querySelector('#m-" + indicator + " [data-points-input]').value")
}

// scoringEnterSelf has the city score itself.
func (w *window) scoringEnterSelf(sheet string) {
	w.t.Helper()
	w.open("/assessment")
	w.send("#mine ~ table a[href='" + sheet + "']")
	w.wantText("h1", "评分表", "济南市")
	w.wantText("[data-live=left]", "还差 11 项")
	w.scoringType("steady-growth", "8")
	w.scoringSaved("steady-growth")
	if next := w.ask("document.activeElement.name"); next != "points-lists" {
		w.t.Errorf("after Enter the cursor is at %q", next)
	}
	w.do(words("4"), strike(kb.Enter))
	w.scoringSaved("lists")
	// The structure has 6 points.
	w.scoringType("structure", "7")
	w.do(chromedp.WaitVisible("#m-structure.has-error"))
	w.wantText("#m-structure [data-said]", "7 分超过满分 6 分")
	w.scoringType("structure", "6")
	w.scoringSaved("structure")
	w.do(chromedp.Reload())
	for indicator, want := range map[string]string{"steady-growth": "8", "lists": "4", "structure": "6", "risks": ""} {
		if got := w.scoringPoints(indicator); got != want {
			w.t.Errorf("after a reload %s has %q, want %q", indicator, got, want)
		}
	}
	w.wantText("[data-live=left]", "还差 8 项")
	w.scoringSubmit(sheet)
}

// scoringSubmit enters the rest and hands the sheet in.
func (w *window) scoringSubmit(sheet string) {
	w.t.Helper()
	for _, entry := range [][2]string{{"livelihood-content", "4"}, {"risks", "4"}, {"meetings", "6"}, {"interpretation", "8"}, {"accounts", "6"},
		{"year-end", "16"}, {"third-party", "12"}, {"training", "1"}, {"praise-province", "0.5"}} {
		w.scoringType(entry[0], entry[1])
		w.scoringSaved(entry[0])
	}
	w.wantText("[data-live=self]", "75.00")
	w.wantText("[data-live=left]", "已填完")
	w.send("form[action='" + sheet + "/submit'] .btn-primary")
	w.wantText(".sheet-status", "待考评")
}

// scoringVerify has the assessor take points off, take over the rest, and complete.
func (w *window) scoringVerify(round, sheet string) {
	w.t.Helper()
	w.open(round)
	w.send(".round-next .btn-primary")
	w.send(".round-sheets a[href='" + sheet + "']")
	// Without a reason no points are lost.
	w.scoringType("interpretation", "6")
	w.do(chromedp.WaitVisible("#m-interpretation.has-error"))
	w.wantText("#m-interpretation", "失分 2 分，请写明失分原因")
	w.scoringReason("interpretation", "6", "两份文件的解读材料晚于文件发布")
	w.scoringReason("website", "2", "两个栏目半年未更新")
	w.scoringReason("year-end", "14", "年终考核发现公报未按期上网")
	w.wantText("[data-live=left]", "还差 9 项")
	w.wantText("form[action$='/accept']", "有 10 项自评得分尚未考评", "其中 1 项")
	w.fill("form[action$='/accept']", "reason", "第三方评估报告第三章")
	w.send("form[action$='/accept'] .btn")
	w.wantText(".flash", "已采用 10 项自评得分")
	w.wantText("[data-live=verified]", "71.28")
	w.wantText("[data-live=self]", "75.00")
	w.send("form[action='" + sheet + "/complete'] .btn-primary")
	w.wantText(".sheet-status", "已考评")
}

// scoringReason types points for an indicator and why some are lost.
func (w *window) scoringReason(indicator, points, reason string) {
	w.t.Helper()
	w.do(enter("#m-"+indicator+" [data-points-input]", points), strike(kb.Tab), wait("document.activeElement.name === 'text-"+indicator+"'"),
		words(reason), strike(kb.Enter))
	w.scoringSaved(indicator)
}

// scoringActor returns the user as the desk knows them.
func (w *world) scoringActor(login string) compliance.Actor {
	w.t.Helper()
	user, err := w.app.directory.UserByLogin(w.t.Context(), login)
	if err != nil {
		w.t.Fatal(err)
	}
	actor := compliance.Actor{ID: user.ID, Name: user.Name}
	if actor.Access, err = w.app.directory.Access(w.t.Context(), user.ID); err != nil {
		w.t.Fatal(err)
	}
	return actor
}

// scoringVerifyOthers verifies the sheets that were never submitted: the assessor those of
// class A, the province the others. All awards are given in full but for interpretation:
// Qingdao has 6 of 8 points, the other cities none.
func (w *world) scoringVerifyOthers(sheets map[string]models.Sheet) {
	w.t.Helper()
	juror, province := w.scoringActor("juror"), w.scoringActor("province")
	for code, sheet := range sheets {
		actor, interpretation := juror, "0"
		switch {
		case code == "370100":
			continue
		case code == "370200":
			interpretation = "6"
		case sheet.Class != "A":
			actor, interpretation = province, "8"
		}
		if err := w.scoringVerifySheet(actor, sheet.ID, interpretation); err != nil {
			w.t.Fatalf("%s: %v", code, err)
		}
	}
}

func (w *world) scoringVerifySheet(actor compliance.Actor, sheet uint64, interpretation string) error {
	view, err := w.app.scores.Sheet(w.t.Context(), actor, sheet)
	if err != nil {
		return err
	}
	var cells []assessment.MarkCell
	for _, leaf := range view.Card.Leaves {
		in := assessment.MarkInput{Indicator: leaf.ID, Points: leaf.Points.String()}
		switch {
		case leaf.Method != scoring.MethodAward:
			continue
		case leaf.ID == "interpretation" && interpretation != in.Points:
			in.Points, in.Reason = interpretation, "解读材料不全"
		}
		cells = append(cells, assessment.MarkCell{MarkInput: in})
	}
	if view, err = w.app.scores.PutMarks(w.t.Context(), actor, sheet, cells); err != nil {
		return err
	}
	return w.app.scores.Complete(w.t.Context(), actor, sheet, view.Sheet.Version)
}

// scoringFinish announces or freezes the round, after its page has told what that does.
func (w *window) scoringFinish(round, act string, effects ...string) {
	w.t.Helper()
	w.open(round)
	w.send(".round-next a[href='" + round + "/" + act + "']")
	w.wantText(".round-effects", effects...)
	w.send("form[action='" + round + "/" + act + "'] .btn-primary")
	w.wantText("h1", scoringTitle)
}

// scoringRefusedFreeze fails the test unless the page tells that the round cannot be frozen
// before a day, and offers no button for it.
func (w *window) scoringRefusedFreeze(round, day string) {
	w.t.Helper()
	w.open(round + "/freeze")
	w.wantText(".error-summary", "复核申请期到 "+day+" 为止")
	if button := w.ask("String(!!document.querySelector(\"form[action$='/freeze']\"))"); button != "false" {
		w.t.Error("the page offers to freeze")
	}
}

// scoringResult fails the test unless the city sees its own result and no other's.
func (w *window) scoringResult(round string, sheets map[string]models.Sheet, standing, self, verified, final string) {
	w.t.Helper()
	w.open(round + "/results")
	w.wantText("main", standing)
	w.wantText(".result-own-score", final)
	w.wantText(".result-own-scores", "自评得分 "+self, "考评得分 "+verified, "最终得分 "+final)
	page := w.ask("document.documentElement.outerHTML")
	for code, sheet := range sheets {
		if code != "370100" && strings.Contains(page, sheet.UnitName) {
			w.t.Errorf("the result of Jinan names %s", sheet.UnitName)
		}
	}
}

// scoringAppeal has the city appeal against the points for interpretation, with a file.
func (w *window) scoringAppeal(sheet string) {
	w.t.Helper()
	w.open(sheet)
	w.wantText("#m-interpretation", "两份文件的解读材料晚于文件发布")
	w.send("#m-interpretation .sheet-claim a[href*='/appeals/new']")
	form := "form[action='" + sheet + "/appeals']"
	w.fill(form, "points", "8", "reason", "解读材料与文件同日发布，见附件")
	w.send(form + " .btn-primary")
	w.wantText(".appeal-status", "待决定")
	file := filepath.Join(w.t.TempDir(), "发布记录.pdf")
	if err := os.WriteFile(file, []byte(pdf), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.do(upload(".appeal-upload [name=file]", file))
	w.send(".appeal-upload .btn")
	w.wantText(".file-list", "发布记录.pdf")
}

// scoringDecide upholds the appeal.
func (w *window) scoringDecide(round string) {
	w.t.Helper()
	w.open(round)
	w.wantText(".round-next", "有 1 件复核申请等待处理")
	w.send(".round-next .btn-primary")
	w.send(".appeal-list a[href^='/appeals/']")
	w.wantText(".file-list", "发布记录.pdf")
	const form = "form[action$='/decision']"
	w.do(press(form + " [name=decision][value=upheld]"))
	w.fill(form, "reason", "附件属实，解读与文件同步")
	w.send(form + " .btn-primary")
	w.wantText(".appeal-scores", "自评得分 8", "考评得分 6", "申请复核为 8", "最终得分 8")
	w.wantText(".appeal-decision", "附件属实", "71.28 → 73.40", "第 2 名 → 第 1 名（共 17 个单位）")
}

// scoringArithmetic opens how the final score comes about and adds it up.
func (w *window) scoringArithmetic(sheet string) {
	w.t.Helper()
	w.send(".result-own a[href^='" + sheet + "/arithmetic']")
	w.wantText(".formula-won", "69")
	w.wantText(".formula-possible", "94")
	w.wantText(".formula-score", "73.40")
	w.wantText("[data-part=platforms]", "13.5")
	sum := decimal.Zero
	for amount := range strings.FieldsSeq(w.text(".step-amount")) {
		sum = sum.Add(decimal.RequireFromString(strings.TrimPrefix(amount, "+")))
	}
	if sum.String() != "69" {
		w.t.Errorf("the parts shown come to %s", sum)
	}
}

// scoringDemand demands that the city puts its website right, and returns the address of
// that.
func (w *window) scoringDemand(sheet string) string {
	w.t.Helper()
	w.open(sheet)
	w.send("#m-website .sheet-claim a[href*='/rectifications/new']")
	form := "form[action='" + sheet + "/rectifications']"
	w.wantText(form, "两个栏目半年未更新")
	w.fill(form, "demand", "恢复更新两个栏目，明确专人维护", "due_on", "2018-03-16")
	w.send(form + " .btn-primary")
	w.wantText(".rect-status", "整改中")
	return w.ask("location.pathname")
}

// scoringAnswer has the city tell what it has done.
func (w *window) scoringAnswer(demand string) {
	w.t.Helper()
	w.open("/units/370100/rectifications")
	w.send("main a[href='" + demand + "']")
	form := "form[action='" + demand + "/answer']"
	w.fill(form, "note", "两个栏目已恢复更新")
	w.send(form + " .btn-primary")
	w.wantText(".rect-status", "待核查")
}

// scoringClose has the province close it.
func (w *window) scoringClose(demand string) {
	w.t.Helper()
	w.open(demand)
	w.wantText(".rect-steps", "两个栏目已恢复更新")
	form := "form[action='" + demand + "/close']"
	w.fill(form, "note", "经核查已整改到位")
	w.send(form + " .btn-primary")
	w.wantText(".rect-status", "已销号")
}

// scoringFrozen fails the test when the frozen sheet still takes marks: on its page, or
// from one that was left open.
func (w *window) scoringFrozen(sheet string) {
	w.t.Helper()
	w.open(sheet)
	if field := w.ask("String(!!document.querySelector('[data-points-input], #steps form'))"); field != "false" {
		w.t.Error("the frozen sheet has fields")
	}
	w.do(evaluate(fmt.Sprintf(`fetch(%q, {method: 'POST', headers: {Accept: 'application/json'}, body: new URLSearchParams({indicator: 'risks', version: '2', points: '3', text: '改分'})})
		.then(async (answer) => { window.answered = answer.status + ' ' + (await answer.json()).message; }); 0`, sheet+"/marks")), wait("window.answered"))
	if answer := w.ask("window.answered"); !strings.HasPrefix(answer, "409") || !strings.Contains(answer, scoringTitle+"已于2018年2月25日定稿封存") {
		w.t.Errorf("a mark after the freeze is answered with %q", answer)
	}
}
