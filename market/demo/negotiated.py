"""What is under way between kitchens and producers: a negotiation, standing orders, feedback and stories."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import cycle

from sqlalchemy import select

from market.demo.farms import MEAT_FARM, VEGETABLE_GROWER
from market.demo.personas import SCHOOL_KITCHEN
from market.demo.story import Step, Story
from market.feedback.operations import give_feedback, tell_story
from market.feedback.rules import Opinion
from market.offers.models import Offer
from market.orders.chores import make_standing_orders
from market.orders.forms import delivery_days
from market.orders.models import Order
from market.orders.negotiation_operations import counter_order
from market.orders.operations import place_order
from market.orders.rules import Bid
from market.orders.standing_operations import Wish, make_standing_order
from market.register.models import Producer, Product
from market.values import Quantity, Unit, local_date

NEGOTIATED = 10_000
"""The number of the negotiated order among the story's; those that make themselves follow."""
ORDERED = Quantity(30_000, Unit.KILOGRAM)
ASKED, COUNTERED = Decimal("11.50"), Decimal("12.50")
STANDING = (("Morötter", 20_000, None), ("Rödbetor", 10_000, Decimal("16.00")))
"""Goods, grams, and the highest price; nobody has flagged the first for the coming week."""
OPINIONS = (
    Opinion(taste=5, package_fits=True, would_buy_again=True, words="Eleverna tog om två gånger."),
    Opinion(taste=4, package_fits=False, would_buy_again=True, words="Hellre 5 kg i varje låda."),
    Opinion(taste=4, package_fits=True, would_buy_again=True),
    Opinion(taste=2, would_buy_again=False, words="Torrare än förra gången."),
)
STORIES = {
    VEGETABLE_GROWER: (
        (
            "Vi odlar rotfrukter på sandjord nära sjön. Morötterna skördas på morgonen och är hos er dagen efter.\n\n"
            "Kom gärna och gräv upp en själv!"
        ),
        "Sandåkrarna ovanför Svanberga",
    ),
    MEAT_FARM: (
        "Våra kor går ute från maj till oktober och äter gräs och klöver från gården hela året.",
        "Strandängarna vid Örbyhus",
    ),
}


def negotiated_steps(story: Story, *, at: datetime) -> list[Step]:
    """What happens shortly before `at`, each at its own instant."""
    steps = (
        (timedelta(hours=30), _tell_stories),
        (timedelta(hours=3), _propose),
        (timedelta(hours=2), _counter),
        (timedelta(minutes=50), _give_feedback),
        (timedelta(minutes=40), _stand),
        (timedelta(minutes=30), _run_standing),
    )
    return [(at - before, partial(act, story, at - before)) for before, act in steps]


def _tell_stories(story: Story, at: datetime) -> None:
    for name, (text, place) in STORIES.items():
        producer = story.session.scalars(select(Producer).where(Producer.name == f"{name} (demo)")).one()
        tell_story(
            story.session, producer=producer, product=None, text=text, place=place, year=local_date(at).year,
            photo=None, actor=story.cast.producer(producer), at=at,
        )  # fmt: skip


def _give_feedback(story: Story, at: datetime) -> None:
    """Two of three received deliveries get a word."""
    received = [order for order in story.orders.values() if order.delivery is not None]
    for number, (order, opinion) in enumerate(zip(received, cycle(OPINIONS), strict=False)):
        if number % 3 and order.delivery is not None and order.delivery.received_at < at:
            give_feedback(
                story.session, line=order.delivery.lines[0], received_at=order.delivery.received_at,
                opinion=opinion, actor=story.cast.kitchen(order.kitchen), at=at,
            )  # fmt: skip


def _propose(story: Story, at: datetime) -> None:
    """The school asks for cabbage below the listed price."""
    kitchen, session = story.kitchens[SCHOOL_KITCHEN], story.session
    for offer in reversed(_offers_of(story, "Vitkål")):
        days = delivery_days(offer, kitchen, today=local_date(at))
        if days and offer.left.steps >= ORDERED.steps:
            story.orders[NEGOTIATED] = place_order(
                session, offer=offer, kitchen=kitchen, quantity=ORDERED, deliver_on=days[-1],
                proposed_price=ASKED, note="Vi tar gärna mer om priset går att sänka.",
                request_key="demo-negotiation", actor=story.cast.kitchen(kitchen), at=at,
            )  # fmt: skip
            return


def _counter(story: Story, at: datetime) -> None:
    """The grower answers with a price between, and it is the school's turn."""
    order = story.orders.get(NEGOTIATED)
    if order is not None:
        counter_order(
            story.session, order=order, position_id=order.position.id,
            bid=Bid(quantity=order.lines[0].quantity, deliver_on=order.deliver_on, price=COUNTERED),
            note="Det här är så lågt jag kan gå. Då levererar jag själv.",
            actor=story.cast.producer(order.producer), at=at,
        )  # fmt: skip


def _stand(story: Story, at: datetime) -> None:
    """Standing orders of the school."""
    kitchen = story.kitchens[SCHOOL_KITCHEN]
    for name, grams, highest in STANDING:
        wish = Wish(
            quantity=Quantity(grams, Unit.KILOGRAM), weekday=kitchen.windows[0].weekday,
            highest_price=highest, until_on=None,
        )  # fmt: skip
        make_standing_order(
            story.session, product=_product(story, name), kitchen=kitchen, wish=wish,
            request_key=f"demo-standing-{name}", actor=story.cast.kitchen(kitchen), at=at,
        )  # fmt: skip


def _run_standing(story: Story, at: datetime) -> None:
    """What the clock makes of them for the coming week."""
    make_standing_orders(story.session, at=at)
    known = {order.id for order in story.orders.values()}
    made = story.session.scalars(select(Order).where(Order.id.not_in(known)).order_by(Order.id))
    story.orders |= {NEGOTIATED + number: order for number, order in enumerate(made, 1)}


def _offers_of(story: Story, name: str) -> list[Offer]:
    product_id = _product(story, name).id
    return [offer for offer in story.offers.values() if offer.product_id == product_id]


def _product(story: Story, name: str) -> Product:
    of_grower = (
        select(Product)
        .join(Product.producer)
        .where(Producer.name == f"{VEGETABLE_GROWER} (demo)", Product.name == name)
    )
    return story.session.scalars(of_grower).one()
