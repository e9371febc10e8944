"""Django classes that take type parameters in the stubs, so that they take them at run time too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet, BaseModelFormSet

__all__ = [
    "AnyFormSet",
    "AnyInlineFormSet",
    "AnyModelAdmin",
    "AnyModelForm",
    "AnyMultipleChoiceField",
    "AnyStackedInline",
    "AnyTabularInline",
]

if TYPE_CHECKING:
    AnyFormSet = BaseModelFormSet
    AnyInlineFormSet = BaseInlineFormSet
    AnyModelAdmin = admin.ModelAdmin
    AnyModelForm = forms.ModelForm
    AnyMultipleChoiceField = forms.ModelMultipleChoiceField
    AnyStackedInline = admin.StackedInline
    AnyTabularInline = admin.TabularInline
else:

    class _Subscriptable:
        def __class_getitem__(cls, parameters: Any) -> type:
            return cls

    class AnyFormSet(_Subscriptable, BaseModelFormSet): ...

    class AnyInlineFormSet(_Subscriptable, BaseInlineFormSet): ...

    class AnyModelAdmin(_Subscriptable, admin.ModelAdmin): ...

    class AnyModelForm(_Subscriptable, forms.ModelForm): ...

    class AnyMultipleChoiceField(_Subscriptable, forms.ModelMultipleChoiceField): ...

    class AnyStackedInline(_Subscriptable, admin.StackedInline): ...

    class AnyTabularInline(_Subscriptable, admin.TabularInline): ...
