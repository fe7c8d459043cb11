package training

import (
	"sundial/models"
	"sundial/server/exchange"
)

// Columns of imported tables. Where a fault of an entry has another name, the
// kinds know.
const (
	columnUnitCode = "unit_code"
	columnUnitName = "unit_name"
	columnName     = "name"
	columnNumber   = "number"
	columnID       = "id_number"
	columnPost     = "post"
	columnPartTime = "part_time"
	columnStart    = "start_on"
	columnEnd      = "end_on"
	columnSession  = "session"
	columnCourse   = "course"
	columnOn       = "on"
	columnPlace    = "place"
	columnPresent  = "present"
	columnScore    = "score"
	columnPassed   = "passed"
)

// partTime is the word of column part_time for people who do it beside other work.
const partTime = "part"

// who are the columns that say whose row it is.
var who = []exchange.Column{
	{Key: columnUnitCode, Heading: exchange.Text{ZH: "单位代码", EN: "Unit code"}, Also: []string{"单位编码", "机构代码", "行政区划代码"},
		Width: 14, Hint: "imports.hint.unit_code", Example: "370102"},
	{Key: columnUnitName, Heading: exchange.Text{ZH: "单位名称", EN: "Unit"}, Also: []string{"单位", "所在单位", "工作单位", "所属单位"},
		Width: 26, Hint: "imports.hint.unit_name", Example: "济南市历下区"},
	{Key: columnName, Heading: exchange.Text{ZH: "姓名", EN: "Name"}, Width: 14, Example: "王芳"},
	{Key: columnNumber, Heading: exchange.Text{ZH: "工号", EN: "Staff number"}, Also: []string{"员工编号", "人员编号", "职工号", "员工号"},
		Width: 16, Hint: "imports.hint.number", Example: "JN0017"},
	{Key: columnID, Heading: exchange.Text{ZH: "身份证号", EN: "ID number"}, Also: []string{"身份证号码", "公民身份号码", "身份证", "证件号码"},
		Width: 22, Hint: "imports.hint.id_number"},
}

// staffTable is the roster as a file.
var staffTable = exchange.Table{
	Name: exchange.Text{ZH: "花名册", EN: "Roster"},
	Columns: append(required(who, columnName),
		exchange.Column{Key: columnPost, Heading: exchange.Text{ZH: "职务/岗位", EN: "Post"}, Also: []string{"职务", "岗位", "岗位名称", "职务（岗位）"},
			Width: 20, Example: "政务公开科科员"},
		exchange.Column{Key: columnPartTime, Heading: exchange.Text{ZH: "专兼职", EN: "Full or part time"}, Also: []string{"专职/兼职", "专职或兼职", "专（兼）职"},
			Kind: exchange.KindChoice, Hint: "imports.hint.part_time", Example: "专职", Words: []exchange.Word{
				{Value: "full", Text: exchange.Text{ZH: "专职", EN: "Full time"}, Also: []string{"全职", "full"}},
				{Value: partTime, Text: exchange.Text{ZH: "兼职", EN: "Part time"}, Also: []string{"兼任", "part"}},
			}},
		exchange.Column{Key: columnStart, Heading: exchange.Text{ZH: "开始日期", EN: "From"}, Also: []string{"到岗日期", "上岗日期", "起始日期", "任职日期"},
			Kind: exchange.KindDate, Required: true, Hint: "imports.hint.start_on", Example: "2017-05-04"},
		exchange.Column{Key: columnEnd, Heading: exchange.Text{ZH: "结束日期", EN: "To"}, Also: []string{"离岗日期", "截止日期", "终止日期"},
			Kind: exchange.KindDate, Hint: "imports.hint.end_on"},
	),
}

// attendanceTable is who was at which session as a file.
var attendanceTable = exchange.Table{
	Name: exchange.Text{ZH: "考勤表", EN: "Attendance"},
	Columns: append([]exchange.Column{
		{Key: columnSession, Heading: exchange.Text{ZH: "班次编号", EN: "Session"}, Also: []string{"场次编号", "班次", "培训班次"},
			Hint: "imports.hint.session", Example: "370100-K01-01"},
		{Key: columnCourse, Heading: exchange.Text{ZH: "课程", EN: "Course"}, Also: []string{"课程名称", "课程编号", "培训课程"},
			Width: 24, Hint: "imports.hint.course", Example: "政府信息公开业务培训"},
		{Key: columnOn, Heading: exchange.Text{ZH: "日期", EN: "Date"}, Also: []string{"培训日期", "上课日期", "参训日期"},
			Kind: exchange.KindDate, Hint: "imports.hint.on", Example: "2017-05-18"},
		{Key: columnPlace, Heading: exchange.Text{ZH: "地点", EN: "Place"}, Also: []string{"培训地点", "上课地点"}, Hint: "imports.hint.place"},
	}, append(required(who),
		exchange.Column{Key: columnPresent, Heading: exchange.Text{ZH: "到课", EN: "Present"}, Also: []string{"是否到课", "出勤", "考勤", "签到"},
			Kind: exchange.KindYesNo, Required: true, Example: "到课", Words: []exchange.Word{
				{Value: exchange.Yes, Text: exchange.Text{ZH: "到课", EN: "Present"}, Also: []string{"出席", "已到", "到", "出勤", "已签到"}},
				{Value: exchange.No, Text: exchange.Text{ZH: "缺课", EN: "Absent"}, Also: []string{"缺席", "未到", "缺勤", "请假", "未签到"}},
			}},
		exchange.Column{Key: columnScore, Heading: exchange.Text{ZH: "成绩", EN: "Score"}, Also: []string{"测试成绩", "考试成绩", "得分"},
			Kind: exchange.KindDecimal, Hint: "imports.hint.score", Example: "86"},
		exchange.Column{Key: columnPassed, Heading: exchange.Text{ZH: "是否合格", EN: "Passed"}, Also: []string{"合格", "测试结果", "是否通过"},
			Kind: exchange.KindYesNo, Hint: "imports.hint.passed", Words: []exchange.Word{
				{Value: exchange.Yes, Text: exchange.Text{ZH: "合格", EN: "Passed"}, Also: []string{"通过", "及格"}},
				{Value: exchange.No, Text: exchange.Text{ZH: "不合格", EN: "Failed"}, Also: []string{"未通过", "不及格"}},
			}},
	)...),
}

// required returns the columns with some of them required.
func required(columns []exchange.Column, keys ...string) []exchange.Column {
	marked := make([]exchange.Column, len(columns))
	for i, column := range columns {
		for _, key := range keys {
			column.Required = column.Required || column.Key == key
		}
		marked[i] = column
	}
	return marked
}

// ImportTable returns the table that files of the kind have; false for a kind that
// there is not.
func ImportTable(kind models.ImportKind) (exchange.Table, bool) {
	known, ok := importKinds[kind]
	if !ok {
		return exchange.Table{}, false
	}
	return known.table(), true
}

// ImportPermission returns the object and the action that the import of a kind
// takes.
func ImportPermission(kind models.ImportKind) (object, action string) {
	permission := importKinds[kind].permission()
	return permission.Object, permission.Action
}
