// The rules of html-validate. What is off says nothing about whether a page is valid.
export default {
  extends: ["html-validate:recommended"],
  rules: {
    // Titles are their authors'; HTML sets no limit.
    "long-title": "off",
    // `<hr />` and `disabled=""` are spellings HTML allows; Markdown's writer uses them.
    "void-style": "off",
    "attribute-boolean-style": "off",
  },
};
