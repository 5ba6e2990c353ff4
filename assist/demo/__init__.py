"""The demo world: a city with two years of tickets, made by the services themselves with the clock passed in.

`world.load` makes it: `population` puts the people in, `stage` lets time run, `stories` and `fates` are what happens to
a ticket, `scenes` what the first desks look like today. Not here: what people say (`texts`), the command (`cli.demo`).
"""
