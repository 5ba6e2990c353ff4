"""What fills each 文书: one function a kind, from what the page of the same thing reads, so that whoever may not see a
thing gets no document of it and nobody reads more on paper than on the screen.

`of_ticket` (办理单, 办结报告, 告知书), `of_case` (交办单, 延期申请单, 督办文书), `of_service` (交接单, 走访记录表,
服务卡).
"""
