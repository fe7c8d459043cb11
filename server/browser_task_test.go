package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"sundial/models"
)

// auditTask is a task of Shandong that one department leads.
const auditTask = "审计结果和整改公告"

// taskRow returns a property of something in the row of the audit department.
func (w *window) taskRow(selector, property string) string {
	w.t.Helper()
	return w.ask(fmt.Sprintf("String(([...document.querySelectorAll('.task-list tbody')].find(b => b.innerText.includes(%q))?.querySelector(%q) ?? {})[%q] ?? '')",
		auditTask, selector, property))
}

// taskChapter returns the numbers of the first chapter in the table of the chart.
func (w *window) taskChapter() string {
	w.t.Helper()
	return w.ask("[...document.querySelectorAll('.task-groups tbody tr:first-child > *')].map(cell => cell.textContent).join(' ')")
}

// TestTheProgressOfATaskInABrowser takes a task from the division of the policy to its end:
// the department reports, lets a month go by, says why, and is done with a file; the ledger
// and the chart of the office follow.
func TestTheProgressOfATaskInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addUser("auditor", models.Reporter, "370000-sjt")
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 2)
	office, department := windows[0], windows[1]
	office.signIn("province", ".matrix")
	department.signIn("auditor", "main")

	office.open("/units/370000/tasks")
	office.send(".head a[href$='/tasks/open']")
	office.wantText(".task-effects", "新开任务33项")
	office.send("form[action$='/tasks/open'] .btn-primary")
	office.wantText(".flash", "新增任务33项")
	office.wantText("#whole", "已完成0项")
	chapter := strings.Fields(office.taskChapter())

	w.clock.set(noon("2017-06-12"))
	department.open("/units/370000-sjt/tasks")
	path := department.taskRow(".task-note a", "pathname") + department.taskRow(".task-note a", "search")
	form := "form[action$='/progress']"
	department.open(path)
	department.fill(form, "note", "已梳理审计结果公告清单。")
	department.send(form + " .btn-primary")
	department.wantText(".task-chosen .task-status", "推进中")

	look := "/units/370000/tasks?q=370000-sjt"
	w.clock.set(noon("2017-07-12"))
	office.open(look)
	if mark := office.taskRow(".mark.is-stale", "innerText"); mark != "" {
		t.Errorf("on the last day of the month it is marked %q", mark)
	}
	w.clock.set(noon("2017-07-13"))
	office.open(look)
	if mark := office.taskRow(".mark.is-stale", "innerText"); mark != "一个月未进展" {
		t.Errorf("after a month it is marked %q", mark)
	}

	file := filepath.Join(t.TempDir(), "公告.pdf")
	if err := os.WriteFile(file, []byte(contentOf("公告")), 0o600); err != nil {
		t.Fatal(err)
	}
	department.open(path)
	department.wantText(".task-report .note", "一个月未进展")
	department.do(press(form+" input[name=status][value=done]"), upload("#task-file", file))
	department.fill(form, "note", "审计结果公告和整改情况已全部公开。", "reason", "部分整改情况需要核对")
	department.send(form + " .btn-primary")
	department.wantText(".task-chosen .task-status", "已完成")
	department.wantText(".task-steps li:first-child", "审计结果公告和整改情况已全部公开", "部分整改情况需要核对", "公告.pdf")

	office.open("/units/370000/tasks")
	office.do(chromedp.WaitVisible(".chart canvas"))
	office.wantText("#whole", "已完成1项")
	// The name, tasks, parts, done, under way, not started, overdue and not moved for a month.
	now := strings.Fields(office.taskChapter())
	if chapter[3] != "0" || now[3] != "1" || now[2] != chapter[2] {
		t.Errorf("the first chapter was %v and is %v", chapter, now)
	}
	office.open(look + "&state=done")
	if status := office.taskRow(".task-status", "innerText"); status != "已完成" {
		t.Errorf("the ledger shows the task as %q", status)
	}
	wantQuiet(t, windows)
}
